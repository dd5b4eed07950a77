import assert from "node:assert/strict";
import { packageHosts, packageIndex } from "../../../src/cli/py/package_index.ts";

Deno.test("the credentials of an index stay out of its address, and hosts have their ports", () => {
  const secret = packageIndex("https://me%40x:p%3Ass@index.example/simple/");
  assert.deepEqual(secret, {
    url: "https://index.example/simple",
    authorization: `Basic ${btoa("me@x:p:ss")}`,
  });
  assert.equal(packageIndex("http://127.0.0.1:8080/x").authorization, null);
  const hosts = packageHosts(
    ["numpy", "a @ https://other.example:8443/a.whl", "./local.whl"],
    packageIndex("http://index.example/simple"),
  );
  assert.deepEqual(hosts, [
    "index.example:80",
    "files.pythonhosted.org:443",
    "cdn.jsdelivr.net:443",
    "other.example:8443",
  ]);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { cachedFetch } from "../../src/python/packages/fetch_cache.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

/** Serves the answers of a function and counts the requests. */
async function withServer(
  answer: (path: string) => Response,
  use: (server: { url: string; requests: string[]; stop(): Promise<void> }) => Promise<void>,
): Promise<void> {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    return answer(pathname);
  });
  let stopped: Promise<void> | null = null;
  const stop = () => stopped ??= server.shutdown();
  try {
    await use({ url: `http://127.0.0.1:${server.addr.port}`, requests, stop });
  } finally {
    await stop();
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("wheels are fetched once, pages each time, and from the copy without a network", async () => {
  await withFolder(async (folder) => {
    let version = 1;
    const answer = (path: string) =>
      new Response(`${path} ${version}`, { headers: { "content-type": "text/x-test" } });
    await withServer(answer, async ({ url, requests, stop }) => {
      const fetch = cachedFetch(join(folder, "downloads"));
      const wheel = `${url}/a-1.0-py3-none-any.whl`;
      const page = `${url}/simple/a/`;
      for (const expected of ["1", "2"]) {
        assert.equal(text((await fetch(page, "*/*")).bytes), `/simple/a/ ${expected}`);
        const { bytes, content_type } = await fetch(wheel, "*/*");
        assert.equal(text(bytes), "/a-1.0-py3-none-any.whl 1");
        assert.equal(content_type, "text/x-test");
        version++;
      }
      assert.deepEqual(requests, ["/simple/a/", "/a-1.0-py3-none-any.whl", "/simple/a/"]);
      await stop();
      assert.equal(text((await fetch(page, "*/*")).bytes), "/simple/a/ 2");
      await assert.rejects(fetch(`${url}/simple/b/`, "*/*"), TypeError);
      const names = [...Deno.readDirSync(join(folder, "downloads"))].map(({ name }) => name);
      assert.equal(names.length, 2);
      assert.ok(names.every((name) => /^[0-9a-f]{64}$/.test(name)));
    });
  });
});

Deno.test("an answer that is not a success is an error and is not kept", async () => {
  await withFolder(async (folder) => {
    let status = 503;
    await withServer(() => new Response("text", { status }), async ({ url }) => {
      const fetch = cachedFetch(folder);
      await assert.rejects(fetch(`${url}/a.whl`, "*/*"), /a\.whl answered 503/);
      status = 200;
      assert.equal(text((await fetch(`${url}/a.whl`, "*/*")).bytes), "text");
      const uncached = cachedFetch(null);
      assert.equal(text((await uncached(`${url}/a.whl`, "*/*")).bytes), "text");
    });
  });
});

Deno.test("offline only copies are taken, and credentials go to their address alone", async () => {
  await withFolder(async (folder) => {
    const seen: (string | null)[] = [];
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      seen.push(request.headers.get("authorization"));
      return new Response("text");
    });
    const url = `http://127.0.0.1:${server.addr.port}`;
    try {
      const credentials = { url: `${url}/simple`, authorization: "Basic x" };
      const online = cachedFetch(folder, { credentials });
      await online(`${url}/simple/a/`, "*/*");
      await online(`${url}/simpler/a/`, "*/*");
      assert.deepEqual(seen, ["Basic x", null]);
      const offline = cachedFetch(folder, { isOffline: true });
      assert.equal(text((await offline(`${url}/simple/a/`, "*/*")).bytes), "text");
      await assert.rejects(offline(`${url}/simple/b/`, "*/*"), /no copy of/);
      assert.equal(seen.length, 2);
    } finally {
      await server.shutdown();
    }
  });
});

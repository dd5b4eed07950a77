import assert from "node:assert/strict";
import {
  DisposedError,
  FileError,
  InvalidArgumentError,
  OutOfRangeError,
  SourceChangedError,
  SourceReadError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { httpSource, type HttpSourceOptions } from "../../../src/sources/mod.ts";
import { parseContentRange, retryAfterMs } from "../../../src/sources/bytes/http_response.ts";
import { randomBytes } from "../../helpers/random.ts";

const BYTES = randomBytes(5000, 9);
const QUICK: HttpSourceOptions = { firstDelayMs: 1, random: () => 0 };

/** The server's answer to the n-th request (from 0), or null for a correct one. */
type Fault = (request: { n: number; first: number; last: number }) => Response | null;

/** A correct answer, with headers that can be changed. */
function partial(first: number, last: number, headers: Record<string, string> = {}): Response {
  return new Response(BYTES.slice(first, last + 1), {
    status: 206,
    headers: {
      "Content-Range": `bytes ${first}-${last}/${BYTES.length}`,
      "ETag": '"one"',
      ...headers,
    },
  });
}

/** Runs with a server on this machine; counts its requests. */
async function withServer(
  fault: Fault,
  run: (server: { url: string; requests: () => number; headers: () => Headers }) => Promise<void>,
): Promise<void> {
  let n = 0;
  let headers = new Headers();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    headers = request.headers;
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("Range") ?? "");
    const [first, last] = [Number(match?.[1]), Number(match?.[2])];
    return fault({ n: n++, first, last }) ?? partial(first, last);
  });
  try {
    await run({
      url: `http://127.0.0.1:${server.addr.port}/data.ktx2`,
      requests: () => n,
      headers: () => headers,
    });
  } finally {
    await server.shutdown();
  }
}

/** Reads 100 bytes from a server with a fault; returns the outcome and the number of requests. */
async function readWith(fault: Fault, options: HttpSourceOptions = {}) {
  let requests = 0;
  let result: Uint8Array | Error;
  await withServer(fault, async (server) => {
    const source = httpSource(server.url, { ...QUICK, ...options });
    result = await source.read(1000, 100).catch((error) => error);
    requests = server.requests();
    source.close();
  });
  return { result: result!, requests };
}

const WANTED = BYTES.slice(1000, 1100);

Deno.test("ranges are read, many at a time, and the size is learnt from the first", async () => {
  await withServer(() => null, async ({ url, requests, headers }) => {
    const source = httpSource(url, { headers: { "X-Key": "secret" } });
    assert.equal(source.name, url);
    assert.equal(await source.size(), 5000);
    assert.equal(requests(), 1);
    await Promise.all([0, 1, 2, 3].map(async (k) => {
      const read = await source.read(k * 1000, 500);
      assert.deepEqual(read, BYTES.slice(k * 1000, k * 1000 + 500));
    }));
    assert.equal(requests(), 5);
    assert.equal(headers().get("X-Key"), "secret");
    assert.equal(headers().get("Accept-Encoding"), "identity");
    assert.equal((await source.read(10, 0)).length, 0);
    await assert.rejects(source.read(4999, 2), SourceReadError);
    await assert.rejects(source.read(-1, 2), OutOfRangeError);
    assert.equal(requests(), 5);
    source.close();
    await assert.rejects(source.read(0, 1), DisposedError);
    await assert.rejects(source.size(), DisposedError);
  });
});

Deno.test("408, 429 and 5xx are tried again, at the first request and at later ones", async () => {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    const { result, requests } = await readWith(({ n }) =>
      n === 0 || n === 2 ? new Response("later", { status }) : null
    );
    assert.deepEqual(result, WANTED, String(status));
    assert.equal(requests, 4);
  }
});

Deno.test("attempts end, with the last answer in the message", async () => {
  const { result, requests } = await readWith(
    ({ n }) => n > 0 ? new Response("no", { status: 503 }) : null,
    { attempts: 3 },
  );
  assert.ok(result instanceof SourceReadError);
  assert.match(result.message, /the server answers 503/);
  assert.deepEqual([result.offset, result.length], [1000, 100]);
  assert.equal(requests, 4);
});

Deno.test("Retry-After is waited for, and one that is too long ends the attempts", async () => {
  const busy = (after: string): Fault => ({ n }) =>
    n === 1 ? new Response("busy", { status: 503, headers: { "Retry-After": after } }) : null;
  const before = performance.now();
  assert.deepEqual((await readWith(busy("1"))).result, WANTED);
  assert.ok(performance.now() - before >= 1000);
  const { result, requests } = await readWith(busy("3600"));
  assert.ok(result instanceof SourceReadError);
  assert.equal(requests, 2);
});

const FINAL: [name: string, answer: Fault, error: new (...args: never[]) => Error][] = [
  ["404", () => new Response("", { status: 404 }), FileError],
  ["410", () => new Response("", { status: 410 }), FileError],
  ["401", () => new Response("", { status: 401 }), FileError],
  ["403", () => new Response("", { status: 403 }), FileError],
  ["400", () => new Response("", { status: 400 }), SourceReadError],
  ["416", () => new Response("", { status: 416 }), SourceReadError],
  ["204", () => new Response(null, { status: 204 }), SourceReadError],
  ["200 with everything", () => new Response(BYTES), UnsupportedError],
  ["another range", ({ first, last }) => partial(first + 1, last + 1), SourceReadError],
  ["a shorter range", ({ first, last }) => partial(first, last - 1), SourceReadError],
  ["no range", () => new Response(BYTES, { status: 206 }), SourceReadError],
  [
    "a malformed range",
    ({ first, last }) => partial(first, last, { "Content-Range": "bytes x-y/z" }),
    SourceReadError,
  ],
  ["more bytes than the range", ({ first, last }) =>
    partial(first, last + 50, {
      "Content-Range": `bytes ${first}-${last}/5000`,
    }), SourceReadError],
  [
    "a compressed body",
    ({ first, last }) => partial(first, last, { "Content-Encoding": "deflate" }),
    SourceReadError,
  ],
];

for (const [name, answer, error] of FINAL) {
  Deno.test(`an impossible answer is not requested again: ${name}`, async () => {
    // At the first request for bytes, after the size is known.
    const { result, requests } = await readWith((at) => at.n === 0 ? null : answer(at));
    assert.ok(result instanceof error, String(result));
    assert.equal(requests, 2);
    assert.match((result as Error).message, /^Cannot (read|open) /);
  });
}

Deno.test("a missing resource says so, with its code", async () => {
  const { result } = await readWith(() => new Response("", { status: 404 }));
  assert.ok(result instanceof FileError);
  assert.equal(result.code, "file-not-found");
  const refused = (await readWith(() => new Response("", { status: 403 }))).result;
  assert.ok(refused instanceof FileError);
  assert.equal(refused.code, "file-unreadable");
});

Deno.test("a body that ends early is requested again", async () => {
  const short: Fault = ({ n, first, last }) =>
    n === 1 ? partial(first, last - 40, { "Content-Range": `bytes ${first}-${last}/5000` }) : null;
  const { result, requests } = await readWith(short);
  assert.deepEqual(result, WANTED);
  assert.equal(requests, 3);
});

Deno.test("a resource that changes is noticed by tag, date and size", async () => {
  const changes: Record<string, string>[] = [
    { "ETag": '"two"' },
    { "Content-Range": "bytes 1000-1099/5001" },
    { "Last-Modified": "Thu, 02 Jan 2025 00:00:00 GMT" },
  ];
  for (const change of changes) {
    const { result, requests } = await readWith(({ n, first, last }) => {
      const date = { "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT" };
      return partial(first, last, n === 0 ? date : { ...date, ...change });
    });
    assert.ok(result instanceof SourceChangedError, JSON.stringify(change));
    assert.equal(requests, 2);
  }
});

Deno.test("an empty resource has no bytes", async () => {
  const empty = () => new Response("", { status: 416, headers: { "Content-Range": "bytes */0" } });
  await withServer(empty, async ({ url }) => {
    const source = httpSource(url, QUICK);
    assert.equal(await source.size(), 0);
    await assert.rejects(source.read(0, 1), SourceReadError);
    source.close();
  });
});

Deno.test("a server that does not state the size cannot be used", async () => {
  const { result } = await readWith(({ first, last }) =>
    partial(first, last, { "Content-Range": `bytes ${first}-${last}/*` })
  );
  assert.ok(result instanceof SourceReadError);
  assert.match(result.message, /does not state the number of bytes/);
});

Deno.test("network errors are tried again, and end as read errors with their cause", async () => {
  let calls = 0;
  const source = httpSource("http://localhost/x", {
    ...QUICK,
    fetch: (_url, init) => {
      calls++;
      const match = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get("Range")!)!;
      return calls % 2 === 1
        ? Promise.reject(new TypeError("connection reset"))
        : Promise.resolve(partial(Number(match[1]), Number(match[2])));
    },
  });
  assert.deepEqual(await source.read(1000, 100), WANTED);
  assert.equal(calls, 4);
  const dead = httpSource("http://localhost/x", {
    ...QUICK,
    fetch: () => Promise.reject(new TypeError("connection reset")),
  });
  await assert.rejects(dead.size(), (error) => {
    assert.ok(error instanceof SourceReadError);
    assert.match(error.message, /connection reset/);
    assert.ok(error.cause instanceof TypeError);
    return true;
  });
});

Deno.test("a request without an answer is aborted after the timeout", async () => {
  const never: typeof fetch = (_url, init) =>
    new Promise((_, reject) => {
      init!.signal!.addEventListener("abort", () => reject(init!.signal!.reason));
    });
  const source = httpSource("http://localhost/x", {
    ...QUICK,
    attempts: 2,
    timeoutMs: 5,
    fetch: never,
  });
  await assert.rejects(source.size(), /no answer within 5 ms/);
  const closed = httpSource("http://localhost/x", { ...QUICK, fetch: never });
  const waiting = closed.size();
  closed.close();
  await assert.rejects(waiting, DisposedError);
});

Deno.test("a read that is cancelled stops waiting, also between attempts", async () => {
  await withServer(({ n }) => n > 0 ? new Response("", { status: 503 }) : null, async ({ url }) => {
    const source = httpSource(url, { ...QUICK, firstDelayMs: 60_000, maxDelayMs: 60_000 });
    await source.size();
    const giveUp = new AbortController();
    const read = source.read(0, 10, { signal: giveUp.signal });
    const reason = new Error("enough");
    setTimeout(() => giveUp.abort(reason), 20);
    await assert.rejects(read, reason);
    source.close();
  });
});

Deno.test("a failed first request is made again at the next call", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await withServer(
    ({ n }) => n === 0 ? new Response("", { status: 400 }) : null,
    async ({ url }) => {
      const source = httpSource(url, QUICK);
      await assert.rejects(source.size(), SourceReadError);
      assert.equal(await source.size(), 5000);
      source.close();
      resolve();
    },
  );
  await promise;
});

Deno.test("only web URLs are accepted", () => {
  for (const url of ["", "data.ktx2", "file:///etc/hostname", "ftp://a/b"]) {
    assert.throws(() => httpSource(url), OutOfRangeError);
  }
  for (const url of [undefined, 3, {}]) {
    assert.throws(() => httpSource(url as never), InvalidArgumentError);
  }
});

Deno.test("headers are read as the standard says", () => {
  assert.deepEqual(parseContentRange("bytes 1-2/3"), { first: 1, last: 2, total: 3 });
  assert.deepEqual(parseContentRange("bytes */3"), { first: null, last: null, total: 3 });
  assert.deepEqual(parseContentRange("bytes 1-2/*"), { first: 1, last: 2, total: null });
  for (const bad of [null, "", "bytes", "items 1-2/3", "bytes 1-/3"]) {
    assert.equal(parseContentRange(bad), null);
  }
  assert.equal(retryAfterMs(null, 0), null);
  assert.equal(retryAfterMs("3", 0), 3000);
  assert.equal(retryAfterMs("soon", 0), null);
  const now = Date.parse("Wed, 01 Jan 2025 00:00:00 GMT");
  assert.equal(retryAfterMs("Wed, 01 Jan 2025 00:00:02 GMT", now), 2000);
  assert.equal(retryAfterMs("Wed, 01 Jan 2020 00:00:00 GMT", now), 0);
});

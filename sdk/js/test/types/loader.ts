// The types of the loader: what must compile, and what must not. Checked by tsc, never run.

import { load, loadSync, type Json, type Policy, PolicyError } from "regoc";
import { openBundle } from "regoc/bundle";

interface Servers {
  "example/violation": { input: { servers: string[] }; result: string[] };
}
interface Shop {
  "shop/price": { input: { price: number }; result: number | undefined };
  "shop/open": { input: unknown; result: boolean };
}

declare const bytes: Uint8Array<ArrayBuffer>;
declare const module: WebAssembly.Module;

// Of a policy of which nothing is known, an answer is any value of JSON, or undefined.
const unknown = await load(fetch("policy.wasm"));
const answer: Json | undefined = unknown.evaluate({ x: 1 }, "p/allow");
unknown.evaluate();
// @ts-expect-error -- the decision may be undefined
const always: Json = unknown.evaluate();
// @ts-expect-error -- an answer must be looked at first
unknown.evaluate().length;

// With one entrypoint it may be left out.
const servers: Policy<Servers> = await load<Servers>(bytes);
const violation: string[] = servers.evaluate({ servers: [] });
servers.evaluate({ servers: [] }, "example/violation");
const text: string | undefined = servers.evaluateText("{}");
const later: Promise<string[]> = servers.evaluateAsync({ servers: [] });
// @ts-expect-error -- an input of another shape
servers.evaluate({ servers: [1] });
// @ts-expect-error -- a result of another type
const wrong: number = servers.evaluate({ servers: [] });
// @ts-expect-error -- no such entrypoint
servers.evaluate({ servers: [] }, "example/allow");

// With several, it must be named, and says which types are meant.
const shop = loadSync<Shop>(module, { data: {}, builtins: { "my.add": (a: number, b: number) => a + b, "http.send": async () => ({}) } });
const price: number | undefined = shop.evaluate({ price: 1 }, "shop/price");
const open: boolean = shop.evaluate(null, "shop/open");
shop.clone().evaluate(7, "shop/open");
const names: readonly ("shop/price" | "shop/open")[] = shop.entrypoints;
// @ts-expect-error -- which one?
shop.evaluate({ price: 1 });
// @ts-expect-error -- the input of another entrypoint
shop.evaluate({ price: "1" }, "shop/price");
// @ts-expect-error -- the price may be undefined
const certain: number = shop.evaluate({ price: 1 }, "shop/price");

// Sources and options.
const { module: bundled, data } = await openBundle(fetch("bundle.tar.gz"));
await load(bundled, { data, memory: { maximum: 16 }, print: (line) => line.length, onBuiltinError: (_, { name, row }) => [name, row] });
await load(new Blob([]));
// @ts-expect-error -- a path is no source
await load("policy.wasm");
// @ts-expect-error -- an answer that is not there yet
loadSync(fetch("policy.wasm"));
// @ts-expect-error -- no such option
await load(bytes, { strict: true });
shop.setDataAt(["users", "ann"], { role: "admin" });
// @ts-expect-error -- a path is a list
shop.setDataAt("users/ann", {});

// Errors.
const error: unknown = 1;
if (error instanceof PolicyError) {
  const row: number | undefined = error.row;
  if (error.code === "eval_conflict_error") console.log(row);
  // @ts-expect-error -- no such code
  if (error.code === "conflict") console.log();
}
export { always, answer, certain, later, names, open, price, text, violation, wrong };

// The types that `regoc build --emit-types` writes: TypeScript takes them, with the loader, and refuses what does not fit.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildWithTypes, root } from "./build.mjs";

const types = (...policy) => buildWithTypes(...policy).types;
const here = fileURLToPath(new URL(".", import.meta.url));
const example = (name) => readFileSync(join(root, "examples", name), "utf8");

const schema = {
  type: "object",
  required: ["servers"],
  properties: {
    servers: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "protocols"],
        properties: { id: { type: "string" }, protocols: { type: "array", items: { type: "string" } }, ports: { type: "array", items: { type: "string" } } },
      },
    },
    ports: { type: "array", items: { type: "object", properties: { id: { type: "string" }, network: { type: "string" } }, required: ["id"] } },
    networks: { type: "array", items: { type: "object", properties: { id: { type: "string" }, public: { type: "boolean" } }, required: ["id", "public"] } },
  },
};

const shapes = `package shapes

object := {"a": 1, "b": [true, null, "x"], "c": {1, 2}, "d e": input.x, "f": {1: 2, "1": 3}, "\\"\\n": 1}
tuple := [1, "a"]
one_of := 1 if input.u
one_of := "a" if input.w
empty := []
nothing := set()
partial[k] := x if some k, x in input.o
n.a.b := 1
n.a.c := 2 if input.q
f(x) := x
always := f(1)
sometimes if input.a.b[_].c == input.n
list := input.list if { every x in input.list { x.ok } } else := {k: v | some k; v := input.obj[k].deep[0]}
`;

const annotated = `package annotated

# METADATA
# scope: document
# schemas:
#   - input: {type: object, properties: {name: {type: string}, tags: {type: array, items: {type: string}}}, required: [name]}
#   - input.more.x: {type: number}
user := {"name": input.name, "tags": input.tags, "whole": input}
`;

/** Each: the policy and what of its types is used, rightly and wrongly. */
const policies = {
  servers: [{ "policy.rego": example("servers/policy.rego"), "schema.json": JSON.stringify(schema) }, ["-s", "schema.json"], `
    const input: Input = { servers: [{ id: "a", protocols: [] }] };
    const allow: boolean = policy.evaluate(input, "example/allow");
    const violation: string[] = policy.evaluate(input, "example/violation");
    const whole: boolean = policy.evaluate(input, "example").allow;
    const ports: string[] | undefined = policy.evaluate(input, "example/public_servers")[0]?.ports;
    // @ts-expect-error -- a server without protocols
    policy.evaluate({ servers: [{ id: "a" }] }, "example/allow");
    // @ts-expect-error -- the ports may be missing
    const certain: string[] = policy.evaluate(input, "example/public_servers")[0]!.ports;
    // @ts-expect-error -- no such entrypoint
    policy.evaluate(input, "example/deny");`],
  shapes: [shapes, [], `
    const object = policy.evaluate({}, "shapes/object");
    if (object) { const a: number = object.a; const c: number[] = object.c; const f: number | undefined = object.f["1"]; const d: unknown = object["d e"]; }
    const tuple: [number, string] = policy.evaluate({}, "shapes/tuple");
    const one: number | string | undefined = policy.evaluate({ u: 1 }, "shapes/one_of");
    const empty: [] = policy.evaluate(null, "shapes/empty");
    const nothing: never[] = policy.evaluate(null, "shapes/nothing");
    const n: { a: { b: number; c?: number } } = policy.evaluate({}, "shapes").n;
    policy.evaluate({ a: { b: [{ c: 1 }] }, n: 2 }, "shapes/sometimes");
    policy.evaluate({ a: { b: { x: { c: 1 } } } }, "shapes/sometimes");
    // @ts-expect-error -- nothing of that name is looked at
    policy.evaluate({ b: 1 }, "shapes/sometimes");
    // @ts-expect-error -- it may be undefined
    const certain: boolean = policy.evaluate({}, "shapes/sometimes");`],
  annotated: [annotated, ["-e", "annotated/user"], `
    const user = policy.evaluate({ name: "ann", more: { x: 1 } });
    if (user) { const name: string = user.name; const tags: string[] | undefined = user.whole.tags; }
    // @ts-expect-error -- no name
    policy.evaluate({ tags: [] });
    // @ts-expect-error -- a name of another type
    policy.evaluate({ name: 1 });`],
  roles: [{ "policy.rego": example("roles/policy.rego") }, ["-e", "access/allow", "-e", "access/reasons"], `
    const allow: boolean = policy.evaluate({ user: "ann", action: "read", resource: "a/b" }, "access/allow");
    const reasons: string[] = policy.evaluate({ user: "ann" }, "access/reasons");`],
  kubernetes: [{ "policy.rego": example("kubernetes/policy.rego"), "images.rego": example("kubernetes/images.rego") }, [], `
    const deny: string[] = policy.evaluate({ request: { object: { spec: { containers: [{ name: "a" }] } } } }, "kubernetes/admission/deny");`],
};

test("emitted types are as they were", () => {
  for (const [name, [texts, flags]] of Object.entries(policies)) {
    const path = join(here, "snapshots", `${name}.d.ts`);
    const written = types(texts, ...flags);
    if (process.env.BLESS) {
      mkdirSync(join(here, "snapshots"), { recursive: true });
      writeFileSync(path, written);
    }
    assert.equal(written, readFileSync(path, "utf8"), `${name}: BLESS=1 writes it anew`);
  }
});

test("TypeScript checks what is asked and answered", () => {
  const folder = mkdtempSync(join(here, "types-"));
  try {
    for (const [name, [texts, flags, uses]] of Object.entries(policies)) {
      writeFileSync(join(folder, `${name}.policy.d.ts`), types(texts, ...flags));
      const imports = `import { load } from "regoc";\nimport type * as types from "./${name}.policy.js";\n`;
      const input = name === "servers" ? "type Input = types.Input;\n" : "";
      writeFileSync(join(folder, `${name}.ts`), `${imports}${input}const policy = await load<types.Entrypoints>(new Uint8Array());\n${uses}\nexport {};\n`);
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", include: ["."] }));
    const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
    try {
      execFileSync(tsc, ["-p", folder], { encoding: "utf8" });
    } catch (error) {
      assert.fail(error.stdout);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("TypeScript takes what README.md shows", () => {
  const folder = mkdtempSync(join(here, "types-"));
  try {
    const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
    const blocks = [...readme.matchAll(/```[jt]s\n([^]*?)```/g)].map(([, block]) => block);
    assert(blocks.length >= 5);
    writeFileSync(join(folder, "policy.d.ts"), types(policies.servers[0], ...policies.servers[1]));
    for (const [at, block] of blocks.entries()) {
      const load = /import .*\bload\b/.test(block) ? "" : 'import { load } from "regoc";\n';
      const policy = /const policy\b/.test(block) ? "" : 'declare const policy: import("regoc").Policy;\ndeclare const input: unknown;\n';
      writeFileSync(join(folder, `block${at}.ts`), `${load}${policy}${block}\nexport {};\n`);
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { useUnknownInCatchVariables: false, noImplicitAny: false }, include: ["."] }));
    execFileSync(fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url)), ["-p", folder], { encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

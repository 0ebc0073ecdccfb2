// negation/not-body: explicit body, future.keywords wildcard import
import type { Entrypoints } from "./968.policy.js";
const answer: Entrypoints["negation"]["result"] = {"p":true,"q":true};
const given = {"a":true};
const input: Entrypoints["negation"]["input"] = given;
export {};

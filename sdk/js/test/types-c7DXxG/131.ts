// baseandvirtualdocs/base/virtual: no base
import type { Entrypoints } from "./131.policy.js";
const answer: Entrypoints["topdown/s"]["result"] = {"base":{"doc":{"p":true}}};
export {};

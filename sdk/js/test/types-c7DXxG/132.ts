// baseandvirtualdocs/base/virtual: undefined
import type { Entrypoints } from "./132.policy.js";
const answer: Entrypoints["topdown/t"]["result"] = {};
export {};

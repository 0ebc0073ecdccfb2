// baseandvirtualdocs/base/virtual: conflicts
import type { Entrypoints } from "./134.policy.js";
const answer: Entrypoints["topdown/conflicts"]["result"] = {"k":"foo"};
export {};

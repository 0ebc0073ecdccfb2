// regoparsemodule/ok
import type { Entrypoints } from "./1222.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "foo";
export {};

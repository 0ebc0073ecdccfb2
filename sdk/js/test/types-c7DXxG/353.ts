// every/simple failure, last
import type { Entrypoints } from "./353.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

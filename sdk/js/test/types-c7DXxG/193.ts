// compositereferences/unify partial ground array
import type { Entrypoints } from "./193.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2];
export {};

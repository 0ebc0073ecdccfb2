// array/reverse_123
import type { Entrypoints } from "./113.policy.js";
const answer: Entrypoints["test/p"]["result"] = [3,2,1];
export {};

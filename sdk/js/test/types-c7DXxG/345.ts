// every/domain undefined (input)
import type { Entrypoints } from "./345.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

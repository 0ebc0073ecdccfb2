// every/domain undefined (data ref)
import type { Entrypoints } from "./346.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

// jsonbuiltins/marshal
import type { Entrypoints } from "./599.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "[{\"foo\":[1,2,3]}]";
export {};

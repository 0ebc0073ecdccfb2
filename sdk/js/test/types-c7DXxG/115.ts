// array/reverse_object_error
import type { Entrypoints } from "./115.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

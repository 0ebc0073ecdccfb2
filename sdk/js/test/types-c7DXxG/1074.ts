// objectkeys/error_on_non_object
import type { Entrypoints } from "./1074.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

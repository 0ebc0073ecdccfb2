// objectget/get_for_non_object
import type { Entrypoints } from "./1067.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};

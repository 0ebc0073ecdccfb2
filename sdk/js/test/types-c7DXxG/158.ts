// casts/to_number ref dest
import type { Entrypoints } from "./158.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};

// casts/to_number ref dest
import type { Entrypoints } from "./159.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};

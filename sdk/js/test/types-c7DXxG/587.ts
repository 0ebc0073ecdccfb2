// intersection/intersection_4_sets
import type { Entrypoints } from "./587.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["d"];
export {};

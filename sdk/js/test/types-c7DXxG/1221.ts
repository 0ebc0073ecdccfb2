// regometadatarule/rule scope only
import type { Entrypoints } from "./1221.policy.js";
const answer: Entrypoints["testing/p"]["result"] = {"scope":"rule","title":"Another annotation"};
export {};

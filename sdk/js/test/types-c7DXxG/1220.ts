// regometadatarule/simple
import type { Entrypoints } from "./1220.policy.js";
const answer: Entrypoints["testing/p"]["result"] = {"authors":[{"name":"The OPA contributors"}],"scope":"rule","title":"Testing annotations"};
export {};

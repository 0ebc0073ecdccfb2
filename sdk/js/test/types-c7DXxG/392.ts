// functions/chained
import type { Entrypoints } from "./392.policy.js";
const answer: Entrypoints["ex/chain2"]["result"] = ["foo","bar"];
export {};

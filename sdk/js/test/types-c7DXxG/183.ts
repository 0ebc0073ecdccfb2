// completedoc/set/nested: {{1,2},{2,3}}
import type { Entrypoints } from "./183.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[1,2],[2,3]];
export {};

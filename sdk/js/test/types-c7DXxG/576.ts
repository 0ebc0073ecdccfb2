// in over an object in data tests its values, not its keys
import type { Entrypoints } from "./576.policy.js";
const answer: Entrypoints["indexing/q"]["result"] = [];
export {};

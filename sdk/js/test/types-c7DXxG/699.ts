// jwtencodesignheadererrors/No JSON Error
import type { Entrypoints } from "./699.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

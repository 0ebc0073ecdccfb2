// jwtencodesignheadererrors/Empty headers input error
import type { Entrypoints } from "./698.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

// jwtencodesignheadererrors/Empty JSON header Error
import type { Entrypoints } from "./697.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

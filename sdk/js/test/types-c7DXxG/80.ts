// ceil rounds up
import type { Entrypoints } from "./80.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 2;
export {};

// rendertemplate/simpleint
import type { Entrypoints } from "./1224.policy.js";
const answer: Entrypoints["test/p"]["result"] = "2023";
export {};

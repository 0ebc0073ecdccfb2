// aggregates/product
import type { Entrypoints } from "./10.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};

// netcidrintersects/cidr subnet overlaps
import type { Entrypoints } from "./998.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};

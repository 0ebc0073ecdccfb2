// netcidrintersects/cidr ipv6 subnet overlaps
import type { Entrypoints } from "./999.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};

// netcidrintersects/cidr ipv6 subnet does not overlap
import type { Entrypoints } from "./1000.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};

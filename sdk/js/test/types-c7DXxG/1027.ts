// netcidrmerge/cidr merge ip addresses
import type { Entrypoints } from "./1027.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.128.0/23"];
export {};

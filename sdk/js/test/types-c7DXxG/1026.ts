// netcidrmerge/cidr merge ip and subnets
import type { Entrypoints } from "./1026.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.0/24"];
export {};

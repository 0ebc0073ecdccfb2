// netcidrmerge/cidr merge subnets case 1
import type { Entrypoints } from "./1016.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.128.0/23"];
export {};

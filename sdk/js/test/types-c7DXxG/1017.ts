// netcidrmerge/cidr merge subnets case 2
import type { Entrypoints } from "./1017.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.112/29"];
export {};

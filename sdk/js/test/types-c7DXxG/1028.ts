// netcidrmerge/cidr merge subnets set
import type { Entrypoints } from "./1028.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.112/29"];
export {};

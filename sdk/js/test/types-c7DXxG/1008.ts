// netcidrmerge/cidr ipv6 with prefix
import type { Entrypoints } from "./1008.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["2601:600:8a80:207e:a57d:7567:e2c9:e7b3/128"];
export {};

// jwtbuiltins/no-support-jwe
import type { Entrypoints } from "./646.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

// jwtdecodeverify/missing-iss-while-required
import type { Entrypoints } from "./691.policy.js";
const answer: Entrypoints["generated/decoded"]["result"] = [false,{},{}];
export {};

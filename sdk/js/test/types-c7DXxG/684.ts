// jwtdecodeverify/hs256-float-one-millisecond-after-nbf
import type { Entrypoints } from "./684.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"iss":"xxx","nbf":1589385770.1234}];
export {};

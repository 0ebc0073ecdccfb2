// jwtdecodeverify/hs256-float-one-tenth-second-after-nbf
import type { Entrypoints } from "./685.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"iss":"xxx","nbf":1589385770.1234}];
export {};

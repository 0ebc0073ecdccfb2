// cryptohmacequal/crypto.hmac.equal_false
import type { Entrypoints } from "./223.policy.js";
const answer: Entrypoints["test/p"]["result"] = [false];
const given = {"mac1":"31b6db9e5eb4addb42f1a6ca07367adc","mac2":"31b6db9e5eb4addb"};
const input: Entrypoints["test/p"]["input"] = given;
export {};

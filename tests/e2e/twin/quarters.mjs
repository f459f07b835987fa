// Quarters whose truth is known: the score's distribution stays as it is while its relation to the outcome fades, so that
// Gini falls from about 0.31 to 0.17. The same quarters every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Numbers from a seed (mulberry32): uniform and normal. */
function chance(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const one = (weighted) => {
    let left = uniform() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
    return weighted.find(([, weight]) => (left -= weight) < 0)?.[0] ?? weighted[0][0];
  };
  return { uniform, normal, one };
}

const logistic = (x) => 1 / (1 + Math.exp(-x));

/** Writes `CHURN_<sequence>_<label>.csv` files; `extra` inputs more than the demonstration's model has. */
export function writeQuarters(folder, { quarters = 8, rows = 4000, extra = 0 } = {}) {
  mkdirSync(folder, { recursive: true });
  const more = Array.from({ length: extra }, (_, at) => `x${at + 1}`);
  const header = ['customer_id', 'churn', 'EM_EVENTPROBABILITY', 'tenure_months', 'monthly_charges', 'total_charges', 'support_calls', 'paperless_billing', 'senior', 'contract', 'internet_service', 'payment_method', ...more];
  return Array.from({ length: quarters }, (_, quarter) => {
    const { uniform, normal, one } = chance(1000 + quarter);
    // Two quarters as they were, then fading.
    const relation = 1 - (0.47 * Math.max(0, quarter - 1)) / Math.max(1, quarters - 2);
    const lines = [header.join(',')];
    for (let row = 0; row < rows; row += 1) {
      const z = normal();
      const churn = uniform() < logistic(-1.45 + 0.58 * relation * z) ? 1 : 0;
      const tenure = Math.max(1, Math.round(30 + 0.6 * quarter + 16 * normal()));
      const monthly = 70 + 2.4 * quarter + 22 * normal();
      lines.push(
        [
          `c${quarter}-${row}`, churn, logistic(-1.4 + 0.58 * z).toFixed(6), tenure, monthly.toFixed(2), (tenure * monthly).toFixed(2),
          Math.min(9, Math.floor(-1.2 * Math.log(1 - uniform()))), uniform() < 0.6 ? 1 : 0, uniform() < 0.16 ? 1 : 0,
          one([['month', 55], ['year', 25], ['two years', 20]]),
          one([['fiber', 45], ['dsl', 35], ['none', 20], ['', 0.5 + 1.4 * quarter]]),
          one([['card', 40], ['transfer', 35], ['check', 25], ['wallet', Math.max(0, 4 * (quarter - 3))]]),
          ...more.map((_name, at) => (normal() + (at % 5 === 0 ? 0.02 * quarter : 0)).toFixed(4)),
        ].join(','),
      );
    }
    const name = `CHURN_${quarter + 1}_${2024 + Math.floor(quarter / 4)}Q${(quarter % 4) + 1}.csv`;
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    return name;
  });
}

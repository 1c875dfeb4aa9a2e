/** What the soaked integration does, written by hand and without a platform around it. */

const [target, secret] = [Deno.args[0]!, Deno.args[1]!];
const AT_ONCE = 8;
const ATTEMPTS = 5;
const seen = new Set<number>();
const waiting: Customer[] = [];
let running = 0;

interface Customer {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
}

async function write(customer: Customer): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const answer = await fetch(`${target}/customers`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${secret}`,
          "Idempotency-Key": `customer-${customer.id}`,
          "Stripe-Version": "2026-10-28.endive",
        },
        body: new URLSearchParams({
          email: customer.email,
          name: `${customer.first_name} ${customer.last_name}`,
        }),
      });
      await answer.text();
      if (answer.ok) return;
    } catch {
      // No answer, or half of one: the key makes it safe to ask again.
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** (attempt - 1)));
  }
}

function work(): void {
  while (running < AT_ONCE && waiting.length > 0) {
    running++;
    write(waiting.shift()!).finally(() => {
      running--;
      work();
    });
  }
}

const onListen = ({ port }: Deno.NetAddr) => console.log(`http://127.0.0.1:${port}`);

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, async (request) => {
  const customer: Customer = await request.json();
  if (!seen.has(customer.id)) {
    seen.add(customer.id);
    waiting.push(customer);
    work();
  }
  return new Response(null, { status: 202 });
});

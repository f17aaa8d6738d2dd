import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel'
import type { Deps } from '../deps'
import { ProviderError } from './provider-error'

export interface CircuitSetup extends Pick<Deps, 'log' | 'metrics'> {
  name: string
  breakAfter?: number
  halfOpenAfterMs?: number
}

// #region circuit
/** Refuses calls while the provider is out; after `halfOpenAfterMs` one call probes it. */
export function createCircuit({
  name,
  log,
  metrics,
  breakAfter = 5,
  halfOpenAfterMs = 10_000,
}: CircuitSetup) {
  const isProbing = () => circuit.state === CircuitState.HalfOpen
  const isOutage = (error: unknown) =>
    error instanceof ProviderError &&
    (error.kind === 'unavailable' ||
      error.kind === 'timeout' ||
      // A probe that its caller ended has proved nothing.
      (error.kind === 'aborted' && isProbing()))
  const circuit = circuitBreaker(handleWhen(isOutage), {
    breaker: new ConsecutiveBreaker(breakAfter),
    halfOpenAfter: halfOpenAfterMs,
  })
  circuit.onStateChange((state) =>
    log.warn({ event: 'circuit_changed', provider: name, circuit: CircuitState[state].toLowerCase() }),
  )
  metrics.gauge('provider.circuit.open', '1', () => (circuit.state === CircuitState.Closed ? 0 : 1), {
    provider: name,
  })

  return async function guard<T>(work: () => Promise<T>): Promise<T> {
    // #region circuit-guard
    // Cockatiel would let the others wait for the probe, beyond their own deadlines.
    if (isProbing()) throw new ProviderError(name, 'circuit_open')
    return circuit.execute(work).catch((error) => {
      throw isBrokenCircuitError(error) ? new ProviderError(name, 'circuit_open') : error
    })
    // #endregion
  }
}
// #endregion

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { opened, PARAMETERS } from '../testing/opened.ts'
import { openTelemetry } from './open-telemetry.ts'

it('tells every step in spans and metrics, and nothing secret', async () => {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })

  const all = await opened({}, { telemetry: openTelemetry({ tracerProvider, meterProvider }) })
  const { id } = await all.backchannel.start({ parameters: PARAMETERS })
  await all.clock.advance(5000)
  all.server.fault('token', new Response(null, { status: 500 }))
  await all.clock.advance(5000)
  await all.backchannel.start({ parameters: PARAMETERS })
  await expect(all.backchannel.start({ parameters: { scope: 'openid' } })).rejects.toThrow()
  all.server.approve()
  await all.clock.advance(20_000)
  await all.backchannel.take(id)
  await reader.forceFlush()

  expect(
    spans.getFinishedSpans().map(({ name, status }) => [name.replace('countersign.backchannel.', ''), status.code]),
  ).toEqual(
    expect.arrayContaining([
      ['start', 0],
      ['start', 2],
      ['poll', 0],
      ['validate', 0],
    ]),
  )
  const measured = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  const pointsOf = (name: string) =>
    measured.find(({ descriptor }) => descriptor.name === `countersign.backchannel.${name}`)?.dataPoints ?? []
  expect(pointsOf('events').map(({ attributes, value }) => ({ ...attributes, value }))).toEqual(
    expect.arrayContaining([
      { type: 'started', mode: 'poll', value: 3 },
      { type: 'slower', mode: 'poll', reason: 'server_error', value: 1 },
      { type: 'outcome', mode: 'poll', status: 'approved', value: 1 },
    ]),
  )
  expect(pointsOf('duration')).toMatchObject([{ value: { count: 1 } }])
  expect(pointsOf('scheduled')).toMatchObject([{ value: 2 }])
  expect(pointsOf('circuit')).toMatchObject([{ value: 0 }])
  const shown = JSON.stringify([
    measured,
    spans.getFinishedSpans().map(({ attributes, events }) => [attributes, events]),
  ])
  expect(shown).not.toMatch(/anna|access-auth|auth-req/)
  await all.backchannel.close()
})

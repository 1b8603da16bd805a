// Reads the entities of a Headwater catalog: all of them, or, where a page fails, none.

import type { LoggerService, SchedulerServiceTaskRunner } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';

export type HeadwaterOptions = {
  /** Where Headwater's catalog is, such as http://headwater:8004. */
  baseUrl: string;
  /** A bearer token of a principal that may read; none where reading needs none. */
  token?: string;
  /** Only these kinds; without Group where Backstage has its teams from elsewhere. */
  kinds?: string[];
};

type Page = { items: Entity[]; next_cursor: string | null };

export class HeadwaterEntityProvider implements EntityProvider {
  private readonly options: HeadwaterOptions;
  private readonly runner: SchedulerServiceTaskRunner;
  private readonly logger: LoggerService;
  private connection: EntityProviderConnection | undefined;

  constructor(
    options: HeadwaterOptions,
    runner: SchedulerServiceTaskRunner,
    logger: LoggerService,
  ) {
    this.options = options;
    this.runner = runner;
    this.logger = logger;
  }

  getProviderName(): string {
    return `headwater:${this.options.baseUrl}`;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    await this.runner.run({ id: this.getProviderName(), fn: () => this.refresh() });
  }

  async refresh(): Promise<void> {
    const entities: Entity[] = [];
    for await (const page of this.pages()) entities.push(...page.items);
    const locationKey = this.getProviderName();
    await this.connection?.applyMutation({
      type: 'full',
      entities: entities.map(entity => ({ entity, locationKey })),
    });
    this.logger.info(`${entities.length} entities read from ${this.options.baseUrl}`);
  }

  private async *pages(): AsyncGenerator<Page> {
    const { baseUrl, token, kinds = [] } = this.options;
    const query = new URLSearchParams([['limit', '500'], ...kinds.map(kind => ['kind', kind])]);
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    let cursor: string | null = null;
    do {
      if (cursor !== null) query.set('cursor', cursor);
      const answer = await fetch(`${baseUrl}/backstage/entities?${query}`, { headers });
      if (!answer.ok) throw new Error(`Headwater: ${answer.status} ${await answer.text()}`);
      const page = (await answer.json()) as Page;
      yield page;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
}

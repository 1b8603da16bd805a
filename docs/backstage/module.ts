// The module of the catalog's backend that runs the provider: see ../backstage.md.

import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig as readSchedule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { HeadwaterEntityProvider } from './provider';

export default createBackendModule({
  pluginId: 'catalog',
  moduleId: 'headwater',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, config, logger, scheduler }) {
        const own = config.getConfig('catalog.providers.headwater');
        const options = {
          baseUrl: own.getString('baseUrl').replace(/\/$/, ''),
          token: own.getOptionalString('token'),
          kinds: own.getOptionalStringArray('kinds'),
        };
        const runner = scheduler.createScheduledTaskRunner(readSchedule(own.getConfig('schedule')));
        catalog.addEntityProvider(new HeadwaterEntityProvider(options, runner, logger));
      },
    });
  },
});

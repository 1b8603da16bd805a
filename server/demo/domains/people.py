"""Human resources: who works here, when and where."""

from __future__ import annotations

from server.demo.defect import Defects, as_text, missing, untimely
from server.demo.topic import COMPACT, Domain, ProductPlan, Topic, Writing, event, retained
from server.demo.vocabulary import (
    DAY,
    REAL,
    TEXT,
    code,
    day,
    derived,
    iso,
    many,
    millis,
    of,
    pick,
    stamp,
    uuid,
    whole,
)

TOPICS = (
    Topic(
        "hr.employees.v1",
        Writing.REGISTERED_AVRO,
        "employees",
        (
            event(
                "Employee",
                "One person who works for us.",
                employee_id=of("id"),
                first_name=of("first"),
                last_name=of("last"),
                work_email=of("email"),
                department=of("department"),
                job_title=of("job"),
                manager_id=of("manager").nullable(0.03),
                site=of("site"),
                cost_center=of("cost_center"),
                hired_on=of("hired", DAY),
                weekly_hours=of("hours", REAL),
                updated_at=stamp(millis),
            ),
        ),
        420,
        key=of("id"),
        namespace="com.halden.hr",
        partitions=1,
        config=COMPACT,
        tombstones=0.05,
    ),
    Topic(
        "hr.absences.v1",
        Writing.REGISTERED_JSON,
        "employees",
        (
            event(
                "Absence",
                "Leave and sickness, planned or reported.",
                absenceId=uuid(),
                employeeId=of("id"),
                kind=pick("vacation", "sick", "parental", "training", weights=(6, 4, 1, 1)),
                firstDay=day(0, 60),
                days=whole(1, 20),
                approvedBy=of("manager").nullable(0.2),
                status=pick("requested", "approved", "rejected", weights=(3, 9, 1)),
                reportedAt=stamp(iso),
            ),
        ),
        400,
        key=of("id"),
        partitions=1,
        config=retained(90),
    ),
    Topic(
        "hr.time-tracking.v1",
        Writing.REGISTERED_AVRO,
        "employees",
        (
            event(
                "TimeEntry",
                entry_id=uuid(),
                employee_id=of("id"),
                terminal=code("TERM-0#"),
                direction=pick("in", "out"),
                site=of("site"),
                cost_center=of("cost_center"),
                stamped_at=stamp(millis),
            ),
        ),
        900,
        key=of("id"),
        namespace="com.halden.hr",
        partitions=1,
        config=retained(30),
        defects=Defects(rate=0.01, kinds=(untimely("stamped_at", millis),)),
    ),
    Topic(
        "workday_export",
        Writing.JSON,
        "employees",
        (
            event(
                "Worker",
                Worker_ID=of("id"),
                Worker_Name=of("name"),
                Email_Address=of("email"),
                Supervisory_Organization=of("department"),
                Position_Title=of("job"),
                Hire_Date=derived(TEXT, lambda e: e.hired.strftime("%m/%d/%Y")),
                FTE=derived(REAL, lambda e: e.hours / 40),
            ),
        ),
        420,
        partitions=1,
        config=retained(7),
        defects=Defects(rate=0.05, kinds=(as_text("FTE"), missing("Email_Address"))),
    ),
    Topic(
        "hr.applicants-staging",
        Writing.JSON,
        "customers",
        (
            event(
                "Applicant",
                applicantId=uuid(),
                name=of("name"),
                email=of("email"),
                position=pick("warehouse clerk", "data engineer", "buyer", "service agent"),
                stage=pick("applied", "screened", "interview", "offer", "rejected"),
                salaryExpectation=whole(28_000, 96_000),
                skills=many(pick("sql", "sap", "forklift", "english", "excel", "kafka"), 1, 4),
                appliedAt=stamp(iso),
            ),
        ),
        300,
        partitions=1,
        config=retained(30),
    ),
)

PRODUCTS = (
    ProductPlan(
        "employee-directory",
        "Employee Directory",
        "Who works where, in which job and for whom; people who left are tombstones.",
        "people-systems",
        ("hr.employees.v1",),
        ("hr", "master-data", "pii"),
    ),
    ProductPlan(
        "absences",
        "Absences",
        "Vacation, sickness and training of employees.",
        "people-systems",
        ("hr.absences.v1",),
        ("hr", "planning"),
    ),
    ProductPlan(
        "time-tracking",
        "Time Tracking",
        "Clock-ins and clock-outs at the terminals of all sites.",
        "workforce-management",
        ("hr.time-tracking.v1",),
        ("hr", "working-time"),
    ),
)

DOMAIN = Domain("hr", TOPICS, PRODUCTS)
